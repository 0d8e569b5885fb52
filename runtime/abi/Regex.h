// A regular expression as the compiler hands it to the runtime: a program of
// i32. It begins with the number of its instructions, of DYCC_REGEX_WORDS each:
// what it does and two arguments. Ranges of characters follow, pairs of the
// first and the last one.
#ifndef DYCC_RUNTIME_ABI_REGEX_H
#define DYCC_RUNTIME_ABI_REGEX_H

#define DYCC_REGEX_WORDS 3

enum {
  DYCC_REGEX_MATCH, ///< The whole string matches if it ends here.
  /// A character of a set goes on with the next instruction: of `b` ranges
  /// that begin at word `a` of the program, ascending.
  DYCC_REGEX_SET,
  DYCC_REGEX_JUMP,  ///< Goes on at instruction `a`.
  DYCC_REGEX_SPLIT, ///< Goes on at instructions `a` and `b`.
  // Go on with the next instruction at such a place alone.
  DYCC_REGEX_BEGIN_TEXT,
  DYCC_REGEX_END_TEXT,
  DYCC_REGEX_BEGIN_LINE,
  DYCC_REGEX_END_LINE,
  DYCC_REGEX_WORD_BOUNDARY, ///< Between a letter, digit or '_' of ASCII and
                            ///< what is none.
  DYCC_REGEX_NO_WORD_BOUNDARY
};

#endif // DYCC_RUNTIME_ABI_REGEX_H

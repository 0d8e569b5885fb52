// What the programs of this project say of a claim that does not hold.
#ifndef CONSUMER_CHECK_H
#define CONSUMER_CHECK_H

#include <stdio.h>
#include <stdlib.h>

#define CHECK(claim)                                                           \
  do {                                                                         \
    if (!(claim)) {                                                            \
      fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__,        \
              #claim);                                                         \
      exit(1);                                                                 \
    }                                                                          \
  } while (0)

#endif // CONSUMER_CHECK_H

"""Memory that nobody may leave: between two pages that fault."""

import ctypes
import mmap

import numpy as np

PAGE, PROT_NONE = mmap.PAGESIZE, 0

C = ctypes.CDLL(None, use_errno=True)
C.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]


class Guarded:
    """`size` bytes that end at a page that faults (`at_end`), or start behind
    one; the address is a multiple of `alignment`."""

    def __init__(self, size, at_end, alignment=1):
        inner = -(-size // PAGE) * PAGE
        self.pages = mmap.mmap(-1, inner + 2 * PAGE)
        self.first = ctypes.addressof(ctypes.c_char.from_buffer(self.pages))
        self.end = self.first + PAGE + inner
        self.size = size
        rounded = -(-size // alignment) * alignment
        self.address = self.end - rounded if at_end else self.first + PAGE
        for page in (self.first, self.end):
            if C.mprotect(page, PAGE, PROT_NONE):
                raise OSError(ctypes.get_errno(), "mprotect")

    def array(self, like):
        """A copy of `like` in this memory."""
        bytes_ = (ctypes.c_char * self.size).from_address(self.address)
        copy = np.frombuffer(bytes_, like.dtype).reshape(like.shape)
        copy[...] = like
        return copy


class Allocator:
    """A dycc.Allocator whose blocks are all guarded."""

    def __init__(self, at_end):
        self.at_end, self.blocks = at_end, {}

    def allocate(self, size, alignment):
        block = Guarded(size, self.at_end, alignment)
        self.blocks[block.address] = block
        return block.address

    def release(self, address, *_):
        del self.blocks[address]

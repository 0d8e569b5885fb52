"""GPUs of phones, as published."""

from dataclasses import dataclass


@dataclass
class Device:
    name: str
    flops: float       # A second, f32; a fused product and sum are two.
    bandwidth: float   # Bytes a second, of memory.
    waves: callable    # The share of its threads that such registers leave.


def adreno_share(registers):
    """Mesa's freedreno: a7xx_gpu.py has 96 registers of four floats for a pair of waves at
    a time, ir3.c the rule: at most 16 waves, two for each whole set of registers."""
    return min(16, 96 // -(-registers // 4) * 2) / 16


def mali_share(registers):
    """Mesa's panfrost, and Arm's documents on Valhall: half of the threads beyond 32
    registers, and none has more than 64."""
    return 1 if registers <= 32 else 0.5


#: Adreno 740 of Snapdragon 8 Gen 2: 6 cores (Mesa's a7xx_gpu.py) of 256 products and sums,
#: 680 MHz; LPDDR5X of 8.4 Gbit/s and 64 lines. Mali-G710 MC10 of Dimensity 9000: 64 products
#: and sums a core (Arm's GPU datasheet, AnandTech's article of May 2021), 850 MHz; LPDDR5X of
#: 7.5 Gbit/s and 64 lines.
DEVICES = [
    Device("Adreno 740", 2 * 6 * 256 * 680e6, 67.2e9, adreno_share),
    Device("Mali-G710 MC10", 2 * 10 * 64 * 850e6, 60e9, mali_share),
]

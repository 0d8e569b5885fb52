// Compiled once so that Pch.h can be shared by every MLIR target.

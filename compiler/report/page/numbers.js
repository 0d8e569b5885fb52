// Arithmetic of extents and bytes: integers are BigInts, f32 scalars numbers.

const min = (...values) => values.reduce((a, b) => (b < a ? b : a));
const max = (...values) => values.reduce((a, b) => (b > a ? b : a));

// A divisor of 0 only occurs where a check refuses the extents.
function truncDiv(a, b) {
  return b === 0n ? a : a / b;
}
function floorDiv(a, b) {
  const quotient = truncDiv(a, b);
  return b !== 0n && a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}
function ceilDiv(a, b) {
  const quotient = truncDiv(a, b);
  return b !== 0n && a % b !== 0n && a < 0n === b < 0n ? quotient + 1n : quotient;
}
function roundUp(bytes, alignment) {
  return ceilDiv(bytes, alignment) * alignment;
}

const f32Bytes = new DataView(new ArrayBuffer(4));
function f32FromBits(bits) {
  f32Bytes.setInt32(0, Number(BigInt.asIntN(32, bits)));
  return f32Bytes.getFloat32(0);
}
function f32ToBits(value) {
  f32Bytes.setFloat32(0, value);
  return BigInt(f32Bytes.getInt32(0));
}
// Rounded once: what Number() would round away stays as a last bit.
function toF32(integer) {
  const magnitude = integer < 0n ? -integer : integer;
  const extra = BigInt(Math.max(0, magnitude.toString(2).length - 53));
  let kept = magnitude >> extra;
  if (kept << extra !== magnitude) kept |= 1n;
  const value = Math.fround(Number(kept << extra));
  return integer < 0n ? -value : value;
}
const mostInteger = (1n << 63n) - 1n;
function toInteger(value) {
  if (Number.isNaN(value)) return 0n;
  if (value >= 2 ** 63) return mostInteger;
  if (value < -(2 ** 63)) return -mostInteger - 1n;
  return BigInt(Math.trunc(value));
}
function roundToEven(value) {
  const below = Math.floor(value);
  const rest = value - below;
  if (!(rest >= 0.5)) return below;
  return rest === 0.5 && below % 2 === 0 ? below : Math.ceil(value);
}
function sqrtF32(value) {
  return Math.fround(Math.sqrt(value));
}

// The requirements that do not hold: [condition, node, message, values] each. Numbers
// of a message stop at the end of int64, as the library's do.
function refusals(requirements) {
  return requirements
    .filter(([condition]) => condition === 0n)
    .map(([, node, message, values]) => {
      const left = [...values];
      return { node, message: message.replace(/%d/g, () => min(left.shift(), mostInteger)) };
    });
}

const blockAlignment = 128n;
const mostBytes = 1n << 56n;
// What a run with one thread takes, as runtime/abi/Memory.h has it; null: too much.
function blockBytes(arena, scratch) {
  if (arena > mostBytes || scratch > mostBytes) return null;
  const bytes = roundUp(arena, blockAlignment) + roundUp(scratch, blockAlignment);
  return bytes === 0n ? blockAlignment : bytes;
}

function groupDigits(number) {
  return number.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}
function scaled(value, step, units) {
  let unit = 0;
  for (; value >= step && unit + 1 < units.length; ++unit) value /= step;
  return value.toFixed(1) + " " + units[unit];
}
function bytesText(bytes) {
  if (bytes < 1024) return bytes + " B";
  return scaled(Number(bytes) / 1024, 1024, ["KiB", "MiB", "GiB", "TiB"]);
}
function timeText(nanoseconds) {
  return scaled(Number(nanoseconds) / 1000, 1000, ["\u00b5s", "ms", "s"]);
}


/* What a device's compiler has as instructions: LLVM's own names for it. */
#define get_group_id(axis)                                                     \
  ((axis) == 0   ? __builtin_amdgcn_workgroup_id_x()                           \
   : (axis) == 1 ? __builtin_amdgcn_workgroup_id_y()                           \
                 : __builtin_amdgcn_workgroup_id_z())
#define get_local_id(axis)                                                     \
  ((axis) == 0   ? __builtin_amdgcn_workitem_id_x()                            \
   : (axis) == 1 ? __builtin_amdgcn_workitem_id_y()                            \
                 : __builtin_amdgcn_workitem_id_z())
#define fma(a, b, c) __builtin_elementwise_fma(a, b, c)
#define fabs(x) __builtin_elementwise_abs(x)
#define floor(x) __builtin_elementwise_floor(x)
#define ceil(x) __builtin_elementwise_ceil(x)
#define rint(x) __builtin_elementwise_rint(x)
#define trunc(x) __builtin_elementwise_trunc(x)
#define sqrt(x) __builtin_elementwise_sqrt(x)
#define exp(x) __builtin_elementwise_exp(x)
#define log(x) __builtin_elementwise_log(x)
#define sin(x) __builtin_elementwise_sin(x)
#define cos(x) __builtin_elementwise_cos(x)
#define min(a, b) __builtin_elementwise_min(a, b)
#define max(a, b) __builtin_elementwise_max(a, b)
#define convert_int4(x) __builtin_convertvector(x, int4)
#define select(a, b, c) ((c) ? (b) : (a))

#define ACCESSES(type, space)                                                  \
  inline type##4 __attribute__((overloadable))                                 \
  load4(size_t i, const space type *p) {                                       \
    return *(const space Unaligned_##type *)(p + 4 * i);                       \
  }                                                                            \
  inline void __attribute__((overloadable))                                    \
  store4(type##4 x, size_t i, space type *p) {                                 \
    *(space Unaligned_##type *)(p + 4 * i) = x;                                \
  }
#define VECTORS(type)                                                          \
  typedef type Unaligned_##type                                                \
      __attribute__((ext_vector_type(4), aligned(sizeof(type))));              \
  ACCESSES(type, __global)                                                     \
  ACCESSES(type, __private)
VECTORS(float)
VECTORS(ushort)
#define vload4 load4
#define vstore4 store4

#define vload_half(i, p) __builtin_load_halff((p) + (i))
#define vload_half4(i, p)                                                      \
  (float4)(vload_half(4 * (i), p), vload_half(4 * (i) + 1, p),                 \
           vload_half(4 * (i) + 2, p), vload_half(4 * (i) + 3, p))
#define vstore_half_rte(value, i, p) __builtin_store_halff(value, (p) + (i))
#define vstore_half4_rte(value, i, p)                                          \
  (vstore_half_rte((value).s0, 4 * (i), p),                                    \
   vstore_half_rte((value).s1, 4 * (i) + 1, p),                                \
   vstore_half_rte((value).s2, 4 * (i) + 2, p),                                \
   vstore_half_rte((value).s3, 4 * (i) + 3, p))

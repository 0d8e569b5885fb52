// A library that crashes as soon as it is asked for its functions.
#include <dycc/runtime.h>
#include <stdlib.h>

const dycc_api *dycc_model_query(uint32_t version) {
  (void)version;
  abort();
}

# Compiles the project's models: form A1, which reads routing bits, and where it was
# exported form B, which routes by itself, as a variant of it. ModelFacts.h has what the
# export says of them.
if(NOT EXISTS "${DYDCA_PROJECT}/model_a1.json")
  message(FATAL_ERROR "DYDCA_PROJECT is \"${DYDCA_PROJECT}\", expects a folder with "
                      "model_a1.onnx and model_a1.json; write them by: dydca export")
endif()
set(flags)
if(DYDCA_FLAGS)
  set(flags FLAGS ${DYDCA_FLAGS})
endif()
set(variants)
set(DYDCA_HAS_FORM_B OFF)
if(EXISTS "${DYDCA_PROJECT}/model_b.onnx")
  set(variants VARIANTS "b=${DYDCA_PROJECT}/model_b.onnx")
  set(DYDCA_HAS_FORM_B ON)
endif()
dycc_add_model(dydca_model MODEL "${DYDCA_PROJECT}/model_a1.onnx" STATIC
               ${flags} ${variants})

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
             "${DYDCA_PROJECT}/model_a1.json")
file(READ "${DYDCA_PROJECT}/model_a1.json" facts)
foreach(fact scale classes halo)
  string(TOUPPER ${fact} name)
  string(JSON DYDCA_${name} GET "${facts}" ${fact})
endforeach()
string(JSON DYDCA_CELL_HEIGHT GET "${facts}" cell 0)
string(JSON DYDCA_CELL_WIDTH GET "${facts}" cell 1)

# A1 has an input for the cells of each class.
if(DYDCA_CLASSES EQUAL 2)
  set(DYDCA_ROUTES "&inputs.idx_c, &inputs.idx_f")
else()
  set(routes)
  math(EXPR last "${DYDCA_CLASSES} - 1")
  foreach(k RANGE ${last})
    list(APPEND routes "&inputs.idx_${k}")
  endforeach()
  list(JOIN routes ", " DYDCA_ROUTES)
endif()
configure_file(ModelFacts.h.in ModelFacts.h @ONLY)

import os

import lit.formats

config.name = "dycc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".onnxtxt", ".test"]
config.excludes = ["Inputs", "unit", "models"]
config.test_exec_root = config.dycc_obj_root + "/test"
config.environment["FILECHECK_OPTS"] = "--enable-var-scope --dump-input=fail"
config.environment["PATH"] = ":".join(
    [config.dycc_tools_dir, config.llvm_tools_dir, config.environment["PATH"]]
)
if "DYCC_TEST_PATIENCE" in os.environ:
    config.environment["DYCC_TEST_PATIENCE"] = os.environ["DYCC_TEST_PATIENCE"]
config.substitutions.append(("%python", config.python))
config.substitutions.append(("%test_source", config.test_source_root))
config.substitutions.append(("%dycc_bin", config.dycc_tools_dir))

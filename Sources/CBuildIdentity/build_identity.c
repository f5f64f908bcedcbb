#include "build_identity.h"

const char *atmos_frontier_commit(void) { return ATMOS_FRONTIER_COMMIT; }

const char *atmos_frontier_compiler(void) { return __VERSION__; }

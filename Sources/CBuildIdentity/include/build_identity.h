#ifndef ATMOS_FRONTIER_BUILD_IDENTITY_H
#define ATMOS_FRONTIER_BUILD_IDENTITY_H

/// The commit this program was built from, or "unknown"; a trailing "+" means uncommitted changes.
const char *atmos_frontier_commit(void);

/// The compiler that the toolchain brought along, in its own words.
const char *atmos_frontier_compiler(void);

#endif

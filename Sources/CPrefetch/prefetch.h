// The processor's prefetch instruction, for which Swift has no intrinsic. No logic here.
#ifndef ATMOS_FRONTIER_PREFETCH_H
#define ATMOS_FRONTIER_PREFETCH_H

static inline void shim_prefetch(const void *address) { __builtin_prefetch(address); }

#endif

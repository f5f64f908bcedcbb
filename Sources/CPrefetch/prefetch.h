// The processor's instruction to fetch memory ahead, which Swift has no word for. No logic here.
#ifndef ATMOS_FRONTIER_PREFETCH_H
#define ATMOS_FRONTIER_PREFETCH_H

static inline void shim_prefetch(const void *address) { __builtin_prefetch(address); }

#endif

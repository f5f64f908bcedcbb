// HDF5 for Swift: what hdf5.h and hdf5_hl.h declare, and one function for each macro that Swift cannot import.
// No logic here.
#ifndef ATMOS_FRONTIER_CHDF5_SHIM_H
#define ATMOS_FRONTIER_CHDF5_SHIM_H

#include <hdf5.h>
#include <hdf5_hl.h>

static inline hid_t hdf5_native_double(void) { return H5T_NATIVE_DOUBLE; }

#endif

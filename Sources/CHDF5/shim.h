// HDF5 for Swift: the declarations of hdf5.h and hdf5_hl.h, and one function for each macro that Swift cannot import.
// It contains no logic.
#ifndef ATMOS_FRONTIER_CHDF5_SHIM_H
#define ATMOS_FRONTIER_CHDF5_SHIM_H

#include <hdf5.h>
#include <hdf5_hl.h>

// Number types in memory.
static inline hid_t hdf5_native_int8(void) { return H5T_NATIVE_INT8; }
static inline hid_t hdf5_native_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t hdf5_native_int16(void) { return H5T_NATIVE_INT16; }
static inline hid_t hdf5_native_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t hdf5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t hdf5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t hdf5_native_double(void) { return H5T_NATIVE_DOUBLE; }

// Number types in the file, whatever the machine.
static inline hid_t hdf5_std_i8le(void) { return H5T_STD_I8LE; }
static inline hid_t hdf5_std_u8le(void) { return H5T_STD_U8LE; }
static inline hid_t hdf5_std_i16le(void) { return H5T_STD_I16LE; }
static inline hid_t hdf5_std_i32le(void) { return H5T_STD_I32LE; }
static inline hid_t hdf5_std_i64le(void) { return H5T_STD_I64LE; }
static inline hid_t hdf5_ieee_f32le(void) { return H5T_IEEE_F32LE; }
static inline hid_t hdf5_ieee_f64le(void) { return H5T_IEEE_F64LE; }

static inline hid_t hdf5_c_s1(void) { return H5T_C_S1; }
static inline size_t hdf5_variable_length(void) { return H5T_VARIABLE; }

static inline hid_t hdf5_default(void) { return H5P_DEFAULT; }
static inline hid_t hdf5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t hdf5_file_create(void) { return H5P_FILE_CREATE; }
static inline hid_t hdf5_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t hdf5_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline unsigned hdf5_creation_order(void) { return H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED; }

static inline unsigned hdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned hdf5_read_write(void) { return H5F_ACC_RDWR; }
static inline unsigned hdf5_truncate(void) { return H5F_ACC_TRUNC; }
static inline unsigned hdf5_swmr_read(void) { return H5F_ACC_SWMR_READ; }
static inline unsigned hdf5_swmr_write(void) { return H5F_ACC_SWMR_WRITE; }

static inline hid_t hdf5_all(void) { return H5S_ALL; }
static inline hsize_t hdf5_unlimited(void) { return H5S_UNLIMITED; }
static inline hid_t hdf5_error_stack(void) { return H5E_DEFAULT; }

#endif

// OpenSSL's libcrypto for Swift: SHA-256 and nothing else. No logic here.
#ifndef ATMOS_FRONTIER_COPENSSL_SHIM_H
#define ATMOS_FRONTIER_COPENSSL_SHIM_H

#include <openssl/sha.h>

#endif

// libsodium for Swift: everything in <sodium.h> imports as it is.
#ifndef LUGN_CSODIUM_SHIM_H
#define LUGN_CSODIUM_SHIM_H

#include <sodium.h>

#endif

#pragma once

#include "disk.h"

extern const sqlite3_io_methods file_methods;

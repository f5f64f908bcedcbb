// Open MPI for Swift: the declarations of mpi.h, and a function for each macro that Swift cannot import (casts of library
// globals). Values only, no logic.
#ifndef ATMOS_FRONTIER_OPENMPI_H
#define ATMOS_FRONTIER_OPENMPI_H

#include <mpi.h>

static inline MPI_Comm shim_comm_world(void) { return MPI_COMM_WORLD; }
static inline MPI_Datatype shim_byte(void) { return MPI_BYTE; }
static inline MPI_Errhandler shim_errors_return(void) { return MPI_ERRORS_RETURN; }
static inline MPI_Request shim_request_null(void) { return MPI_REQUEST_NULL; }
static inline MPI_Message shim_message_null(void) { return MPI_MESSAGE_NULL; }
static inline MPI_Status *shim_status_ignore(void) { return MPI_STATUS_IGNORE; }
static inline MPI_Status *shim_statuses_ignore(void) { return MPI_STATUSES_IGNORE; }

#endif

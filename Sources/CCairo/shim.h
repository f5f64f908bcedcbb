// The C module of Cairo: cairo.h and its PDF and SVG surfaces. Contains no logic.
#ifndef ATMOS_FRONTIER_CCAIRO_SHIM_H
#define ATMOS_FRONTIER_CCAIRO_SHIM_H

#include <cairo.h>
#include <cairo-pdf.h>
#include <cairo-svg.h>

#endif

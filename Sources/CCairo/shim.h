// Cairo for Swift: what cairo.h and its surfaces for SVG and PDF declare. No logic here.
#ifndef ATMOS_FRONTIER_CCAIRO_SHIM_H
#define ATMOS_FRONTIER_CCAIRO_SHIM_H

#include <cairo.h>
#include <cairo-pdf.h>
#include <cairo-svg.h>

#endif

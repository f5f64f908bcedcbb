#!/bin/sh
# logarithm.sh — the shortest program: a surface that warms by 3 K for each doubling of CO2. One-shot: one request on
# standard input, one answer on standard output. jobs/experiments/shell-1d.yaml runs it.
co2=$(sed -E 's/.*"CO2":([^,}]*).*/\1/')
awk -v co2="$co2" 'BEGIN {
  if (co2 <= 0) { print "{\"outcome\": \"unstable\", \"reason\": \"no_co2\"}"; exit }
  printf "{\"outcome\": \"stable\", \"outputs\": {\"surface_temperature\": %.3f}}\n", 288 + 3 * log(co2 / 4e-4) / log(2)
}'

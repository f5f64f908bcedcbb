"""Compares two results files that should hold the same rows, bit by bit, with every reader that notebooks use.

usage: same_bits.py ONE OTHER
"""

import sys

import h5py
import netCDF4
import numpy as np
import xarray as xr

one, other = sys.argv[1:]
CHANGED = {"history", "date_modified", "completion", "lost_workers"}


def datasets(file):
    found = {}
    file.visititems(lambda name, item: found.update({name: item}) if isinstance(item, h5py.Dataset) else None)
    return found


def attributes(item):
    skipped = {"DIMENSION_LIST", "REFERENCE_LIST", "CLASS", "NAME"} | CHANGED
    return {k: v for k, v in item.attrs.items() if k not in skipped and not k.endswith("_points")}


with h5py.File(one) as a, h5py.File(other) as b:
    first, second = datasets(a), datasets(b)
    assert list(first) == list(second), (list(first), list(second))
    for name in first:
        x, y = first[name], second[name]
        assert x.dtype == y.dtype and x.shape == y.shape and x.maxshape == y.maxshape, name
        assert np.asarray(x[()]).tobytes() == np.asarray(y[()]).tobytes() or x.shape == (), name
        assert x.shape != () or x[()] == y[()], name
        assert [len(d) and d[0].name for d in x.dims] == [len(d) and d[0].name for d in y.dims], name
    for name in ["/", "run", "axes", *first]:
        x, y = attributes(a[name]), attributes(b[name])
        assert list(x) == list(y), name
        assert all(np.asarray(x[k]).tobytes() == np.asarray(y[k]).tobytes() for k in x), name

for engine in ["h5netcdf", "netcdf4"]:
    for group in [None, "run", "axes"]:
        with xr.open_dataset(one, engine=engine, group=group) as x, xr.open_dataset(other, engine=engine, group=group) as y:
            xr.testing.assert_equal(x, y)
            assert {k: v.dims for k, v in x.variables.items()} == {k: v.dims for k, v in y.variables.items()}
with netCDF4.Dataset(other) as nc:
    assert nc.dimensions["point"].isunlimited()
    print("same", len(nc.dimensions["point"]))

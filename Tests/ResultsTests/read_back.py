"""Reads a closed results file of synthetic rows with every reader that notebooks use; ends with an error if one differs.

usage: read_back.py FILE ROWS
"""

import sys

import h5py
import netCDF4
import numpy as np
import xarray as xr

path, rows = sys.argv[1], int(sys.argv[2])
row = np.arange(rows)
temperature = 200 + (row % 1000) / 7
status = np.array([1, 2, 1, 3, 4])[row % 5]
title = "Synthetic atmospheres: 金星 и Земля – žluťoučký"

for engine in ["h5netcdf", "netcdf4"]:
    with xr.open_dataset(path, engine=engine) as ds:
        assert ds.sizes["point"] == rows and ds.sizes["level"] == 5 and ds.sizes["gas"] == 2, ds.sizes
        assert ds.surface_temperature.dims == ("point",), ds.surface_temperature.dims
        assert ds.air_temperature.dims == ("point", "level"), ds.air_temperature.dims
        assert ds.status.dtype == np.int8 and ds.reason.dtype == np.uint8, (ds.status.dtype, ds.reason.dtype)
        assert ds.point.dtype == np.int64 and ds.grid_index.dtype == np.int32
        assert ds.steps.dtype == np.int32 and ds.air_temperature.dtype == np.float32
        for name, variable in ds.variables.items():
            assert variable.dtype.kind != "f" or "units" in variable.attrs, name
        assert isinstance(ds.attrs["title"], str) and ds.attrs["title"] == title, ds.attrs["title"]
        assert list(ds.gas_name.values.astype(str)) == ["CO2", "CH4"], ds.gas_name.values
        assert ds.status.attrs["flag_meanings"].split()[0] == "pending"
        assert list(ds.status.attrs["flag_values"]) == [0, 1, 2, 3, 4]
        assert "_FillValue" not in ds.status.encoding, ds.status.encoding
        assert set(ds.coords) >= {"point", "co2_mixing_ratio", "ch4_mixing_ratio", "pressure", "altitude"}, ds.coords

        np.testing.assert_array_equal(ds.point, row)
        np.testing.assert_array_equal(ds.status, status)
        np.testing.assert_array_equal(ds.surface_temperature, temperature)
        np.testing.assert_array_equal(ds.steps, np.where(row % 5 == 4, -1, row % 400))
        np.testing.assert_array_equal(
            ds.air_temperature, temperature.astype("f4")[:, None] - 6 * np.arange(5, dtype="f4"))
        np.testing.assert_array_equal(ds.grid_index, np.stack([row % 2000, row // 2000 % 50], axis=1))
        np.testing.assert_array_equal(ds.co2_mixing_ratio, 1e-4 * (row % 2000 + 1))
        total = ds.co2_mixing_ratio + ds.ch4_mixing_ratio + ds.o2_mixing_ratio + ds.n2_mixing_ratio
        np.testing.assert_allclose(total, 1, atol=1e-12)

    with xr.open_dataset(path, engine=engine, group="run") as run:
        assert run.sizes["point"] == rows, run.sizes
        assert np.issubdtype(run.started_at.dtype, np.datetime64), run.started_at.dtype
        assert run.started_at.values[0] == np.datetime64("2026-10-26T07:33:20"), run.started_at.values[0]
        assert list(run.host_name.values.astype(str)) == ["node1", "nœud2", "a-longer-name.example.org"]
        assert str(run.experiment_file.values).startswith("title: Synthetic atmospheres: 金星")
        np.testing.assert_array_equal(run.parent, row - 1)
        np.testing.assert_array_equal(run.worker, row % 3)
        np.testing.assert_array_equal(run.host, row % 3)
        assert run.host.dtype == np.int32 and run.host_name.dims == ("host_row",), run.host_name.dims
        assert run.host_name.values.astype(str)[run.host.values[2]] == "a-longer-name.example.org"
        assert run.attempt.dtype == np.int8 and run.exit_code.dtype == np.int16

    with xr.open_dataset(path, engine=engine, group="axes") as axes:
        np.testing.assert_array_equal(axes.CO2, 1e-4 * np.arange(1, 2001))
        assert axes.CH4.attrs["origin_index"] == 16 and axes.attrs["filler_gas"] == "N2"

with netCDF4.Dataset(path) as nc:
    assert nc.title == title and nc.dimensions["point"].isunlimited()
    assert nc["run"]["started_at"].dimensions == ("point",)

with h5py.File(path) as f:
    # h5py alone gives fixed-length text as bytes.
    assert f.attrs["title"].decode() == title and f.attrs["completion"].decode() == "complete"
    assert f["run/build_info"].asstr()[()].startswith("Swift")
    assert all(v.dims[0][0] == f["point"] for v in f.values()
               if isinstance(v, h5py.Dataset) and v.shape[:1] == (rows,) and v.name != "/point")

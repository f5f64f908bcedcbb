#!/usr/bin/env python3
"""radiative_convective — the surface temperature of a clear-sky column in radiative-convective equilibrium.

A resident program for Atmos Frontier's model `program`: it reads one request per line and writes one answer per line,
as message.schema.json defines. jobs/experiments/radiative-convective-2d.yaml runs it; requirements.txt lists what it
needs.

Physics, in the tradition of Manabe & Wetherald (1967, J. Atmos. Sci. 24, 241):
  radiation     RRTMG longwave and shortwave (Mlawer et al. 1997, J. Geophys. Res. 102, 16663) from climt (Monteiro et
                al. 2018, Geosci. Model Dev. 11, 3781). Clear sky, no aerosol.
  gases         CO2, CH4 and O2 as requested, well mixed. N2 is what is left and does not absorb; the surface pressure
                (1013.25 hPa), the molar mass and the heat capacity remain those of the present Earth. No N2O, no CFCs.
  water vapour  relative humidity fixed in pressure: 0.77 (p/ps - 0.02) / 0.98, at least 3e-6 kg/kg (Manabe &
                Wetherald). Saturation over liquid water: Bolton 1980, eq. 10.
  ozone         climt's standard profile (272 DU), fixed in pressure, regardless of O2.
  convection    hard adjustment to 6.5 K/km wherever radiation alone would be steeper, from the surface up.
  sunlight      1361 W m-2 (Kopp & Lean 2011), global and annual mean: a zenith cosine of 2/3 (Cronin 2014, J. Atmos.
                Sci. 71, 2994) for 3/8 of the time.
  surface       black in the longwave. Its albedo, 0.268, stands for the clouds, which the column lacks, and is set
                so that the present Earth (CO2 400 ppm, CH4 1.63 ppm, O2 21 %) is at 288.0 K. No ice-albedo feedback.
  levels        40 layers, their interfaces equally spaced in the square root of pressure from 1013.25 to 0.16 hPa.

Method: no time stepping. The unknowns are the temperatures of the surface and of the levels above the convective layer;
the equations set the net flux through every interface from the top of the convective layer upward to zero. They are
solved by Newton's method, with the radiation's derivatives by finite differences: one call for all columns, each with
one temperature changed. Before every step the convective layer grows or shrinks until, in the linearised problem,
radiation is nowhere steeper than 6.5 K/km and convection nowhere carries heat downward.

Converged: each of these net fluxes is below 0.01 W m-2, equivalent to 0.01 K at the surface. Start: the solution of the
parent, else a standard atmosphere; the answer does not depend on it beyond the tolerance. Doubling 400 ppm of CO2
warms the surface by 2.7 K. Stepping the same column through time, with convective adjustment at each step, ends within
0.004 K of it at every level.

Valid for CO2 up to a few per cent, and for surface temperatures from 200 to 340 K, where RRTMG's tables end: an
equilibrium outside is answered as unstable, too_hot or too_cold.
"""

import json
import os
import sys

# Keep the standard output for answers: whatever libraries print goes to the standard error.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import climt  # noqa: E402
import numpy as np  # noqa: E402
from sympl import set_constant  # noqa: E402

LEVELS = 40
SURFACE_PRESSURE = 101325.0  # Pa
LAPSE_RATE = 6.5e-3  # K m-1
GRAVITY, GAS_CONSTANT = 9.80665, 287.04  # m s-2, J kg-1 K-1 of dry air
SOLAR_CONSTANT = 1361.0  # W m-2
ZENITH_COSINE, DAY_FRACTION = 2 / 3, 3 / 8
ALBEDO = 0.268
TOLERANCE = 0.01  # W m-2
COLDEST, HOTTEST = 200.0, 340.0  # K, at the surface
ITERATIONS = 40


class Column:
    """The column and its radiation. Temperatures are arrays: the surface, then the levels from below."""

    def __init__(self):
        interfaces = SURFACE_PRESSURE * np.linspace(1, np.sqrt(16 / SURFACE_PRESSURE), LEVELS + 1) ** 2
        self.pressure = (interfaces[1:] + interfaces[:-1]) / 2
        # T(p) at a constant lapse rate, relative to the surface.
        self.convective = np.concatenate(
            [[1.0], (self.pressure / SURFACE_PRESSURE) ** (GAS_CONSTANT * LAPSE_RATE / GRAVITY)])

        set_constant("stellar_irradiance", value=SOLAR_CONSTANT * DAY_FRACTION, units="W/m^2")
        self.longwave = climt.RRTMGLongwave(cloud_overlap_method="clear_only")
        self.shortwave = climt.RRTMGShortwave(cloud_overlap_method="clear_only", ignore_day_of_year=True)
        # The column itself, and one more for each temperature, in which that temperature is changed.
        columns = LEVELS + 2
        grid = climt.get_grid(nx=columns, ny=1, nz=LEVELS)
        self.state = climt.get_default_state([self.longwave, self.shortwave], grid_state=grid)
        standard_ozone = self.state["mole_fraction_of_ozone_in_air"].values[:, 0, 0]
        standard_pressure = self.state["air_pressure"].values[:, 0, 0]
        ozone = np.interp(-np.log(self.pressure), -np.log(standard_pressure), standard_ozone)
        self.put("air_pressure", self.pressure)
        self.put("air_pressure_on_interface_levels", interfaces)
        self.put("mole_fraction_of_ozone_in_air", ozone)
        self.put("zenith_angle", np.arccos(ZENITH_COSINE))
        for band in ("direct_shortwave", "direct_near_infrared", "diffuse_shortwave", "diffuse_near_infrared"):
            self.put(f"surface_albedo_for_{band}", ALBEDO)

    def put(self, name, values):
        array = self.state[name].values
        array[...] = np.reshape(values, np.shape(values) + (1,) * (array.ndim - np.ndim(values)))

    def set_gases(self, gases):
        for formula, name in (("CO2", "carbon_dioxide"), ("CH4", "methane"), ("O2", "oxygen")):
            self.put(f"mole_fraction_of_{name}_in_air", gases.get(formula, 0.0))

    def humidity(self, temperature):
        """Specific humidity, kg/kg, at temperatures of the levels in K; any shape, levels first."""
        pressure = self.pressure.reshape(-1, *[1] * (temperature.ndim - 1))
        celsius = np.maximum(temperature, 150.0) - 273.15
        saturation = 611.2 * np.exp(17.67 * celsius / (celsius + 243.5))
        vapour = np.minimum(0.77 * (pressure / SURFACE_PRESSURE - 0.02) / 0.98, 1) * saturation
        return np.maximum(0.622 * vapour / (pressure - 0.378 * vapour), 3e-6)

    def radiation(self, temperature):
        """Returns the net downward flux through each interface, W m-2; its derivatives, W m-2 K-1; and two outputs.

        Interfaces are counted from below. Derivative [i, j] is that of the flux through interface i by temperature j.
        """
        change = 0.1
        all_columns = np.repeat(temperature[:, None], LEVELS + 2, axis=1)
        all_columns[:, 1:] += change * np.eye(LEVELS + 1)
        self.state["surface_temperature"].values[...] = all_columns[0]
        self.state["air_temperature"].values[:, 0, :] = all_columns[1:]
        self.state["specific_humidity"].values[:, 0, :] = self.humidity(all_columns[1:])
        net = 0
        for component, kind in ((self.longwave, "longwave"), (self.shortwave, "shortwave")):
            _, fluxes = component(self.state)
            upward = fluxes[f"upwelling_{kind}_flux_in_air"].values[:, 0, :]
            downward = fluxes[f"downwelling_{kind}_flux_in_air"].values[:, 0, :]
            net = net + downward - upward
            if kind == "longwave":
                outputs = {"outgoing_longwave_radiation": upward[-1, 0]}
            else:
                outputs["planetary_albedo"] = upward[-1, 0] / downward[-1, 0]
        return net[:, 0], (net[:, 1:] - net[:, :1]) / change, outputs

    def step(self, temperature, net, slope, top):
        """Returns Newton's step, K, and the number of convective levels that goes with it; `top` is the current one."""
        seen = set()
        while True:
            seen.add(top)
            # From the unknowns, the surface and the levels above `top`, to all temperatures.
            spread = np.zeros((LEVELS + 1, LEVELS + 1 - top))
            spread[: top + 1, 0] = self.convective[: top + 1]
            spread[top + 1 :, 1:] = np.eye(LEVELS - top)
            # Put the convective levels on the lapse rate, wherever they are now.
            aligned = temperature.copy()
            aligned[: top + 1] = temperature[0] * self.convective[: top + 1]
            start = net + slope @ (aligned - temperature)
            unknowns = np.linalg.solve((slope @ spread)[top:], -start[top:])
            new = aligned + spread @ unknowns
            carried = start + slope @ spread @ unknowns
            potential = new / self.convective
            if top < LEVELS - 1 and potential[top + 1] < potential[top] * (1 - 1e-9):
                wanted = top + 1
            elif top > 1 and carried[top - 1] < -1e-9:
                wanted = top - 1
            else:
                wanted = top
            if wanted in seen:
                return new - temperature, top
            top = wanted

    def equilibrium(self, start):
        """Solves for the equilibrium, starting from the temperatures `start`, K.

        Returns the answer; for a stable point also `temperature`, from which other points may start.
        """
        temperature, top, at_bound = start.copy(), LEVELS // 4, 0
        for _ in range(ITERATIONS):
            net, slope, outputs = self.radiation(temperature)
            step, top = self.step(temperature, net, slope, top)
            aligned = np.allclose(temperature[: top + 1], temperature[0] * self.convective[: top + 1], rtol=1e-6)
            imbalance = np.max(np.abs(net[top:]))
            if aligned and imbalance < TOLERANCE:
                outputs["surface_temperature"] = temperature[0]
                outputs["toa_net_flux"] = net[-1]
                outputs["convective_top_pressure"] = self.pressure[top - 1]
                return {
                    "outcome": "stable",
                    "outputs": {name: float(value) for name, value in outputs.items()},
                    "profiles": {"air_temperature": temperature[1:].tolist(), "pressure": self.pressure.tolist()},
                    "temperature": temperature,
                }
            # At most 15 K per step, and within the radiation's tables.
            new = np.clip(temperature + np.clip(step, -15, 15), 130, HOTTEST)
            new[0] = np.clip(new[0], COLDEST, HOTTEST)
            at_bound = at_bound + 1 if new[0] in (COLDEST, HOTTEST) else 0
            temperature = new
            if at_bound >= 6:
                return {"outcome": "unstable", "reason": "too_hot" if new[0] == HOTTEST else "too_cold"}
        return {
            "outcome": "not_converged",
            "message": f"a net flux of {imbalance:.3g} W m-2 is left after {ITERATIONS} iterations",
        }

    def standard_atmosphere(self):
        """The start without a parent: 6.5 K/km from 288 K to 200 K, isothermal above."""
        return np.maximum(288.0 * self.convective, 200.0)


def answer(column, request):
    """Returns the answer to one request, ready for JSON."""
    column.set_gases(request["gases"])
    start = column.standard_atmosphere()
    if "parent" in request:
        start = np.load(request["parent"]["solution"])
    found = column.equilibrium(start)
    temperature = found.pop("temperature", None)
    if temperature is not None:
        found["solution"] = "solution.npy"
        np.save(os.path.join(request["scratch"], found["solution"]), temperature)
    return {"id": request["id"], **found}


def main():
    column = Column()
    units = {
        "surface_temperature": "K", "toa_net_flux": "W m-2", "outgoing_longwave_radiation": "W m-2",
        "planetary_albedo": "1", "convective_top_pressure": "Pa", "air_temperature": "K", "pressure": "Pa",
    }
    print(json.dumps({"hello": 2, "name": "radiative-convective 1", "units": units}), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(column, json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()

internal import CCairo

/// Checks that `status` is success. Every status of Cairo passes through here.
///
/// Cairo keeps the first error of a context or surface and ignores the calls that follow, so one check after drawing
/// finds every error (Cairo manual, "cairo_status").
///
/// - Parameters:
///   - status: of a context or a surface.
///   - action: what was being done to what, for the error: "drawing map.png".
/// - Throws: `CairoError` with Cairo's description of the status.
func check(_ status: cairo_status_t, _ action: @autoclosure () -> String) throws(CairoError) {
    guard status == CAIRO_STATUS_SUCCESS else {
        throw CairoError(action: action(), reason: String(cString: cairo_status_to_string(status)))
    }
}

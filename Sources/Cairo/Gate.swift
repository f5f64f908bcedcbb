internal import CCairo

/// The one place where results are checked. Cairo keeps the first error of a context or surface and does nothing
/// afterwards, so that looking once, at the end, misses none (Cairo manual, "cairo_status").
func check(_ status: cairo_status_t, _ action: @autoclosure () -> String) throws(CairoError) {
    guard status == CAIRO_STATUS_SUCCESS else {
        throw CairoError(action: action(), words: String(cString: cairo_status_to_string(status)))
    }
}

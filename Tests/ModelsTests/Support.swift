import Atmospheres

/// Returns an inquiry without a position or a parent.
func at(_ composition: Composition) -> Inquiry { Inquiry(id: 0, indices: [], composition: composition) }

import Atmospheres

/// A point without a place on a lattice and without a parent.
func at(_ composition: Composition) -> Inquiry { Inquiry(id: 0, indices: [], composition: composition) }

//! The `pypi` room.

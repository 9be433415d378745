//! What Helm loads at most: held where a chart is packed, and where one is read.

/// Bytes of one file: Helm refuses to load larger ones.
pub(crate) const MAX_FILE_BYTES: usize = 5 << 20;

/// Bytes of all files: Helm's limit for an unpacked chart.
pub(crate) const MAX_CHART_BYTES: usize = 100 << 20;

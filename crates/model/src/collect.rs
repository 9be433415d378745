//! Collections that are filled by inserting one item after the other.

/// A set or map of `items`.
///
/// `collect` sorts the items first, which costs 5 KB of code in the WASM core for every type of
/// item: worth it for thousands of items that come nearly sorted, and only there.
pub fn collect_by_insertion<T: Default + Extend<I>, I>(items: impl IntoIterator<Item = I>) -> T {
    let mut all = T::default();
    all.extend(items);
    all
}

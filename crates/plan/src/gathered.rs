//! Sets and maps put together one by one.

/// A set or map of `items`. `collect` sorts them first, which for every type of item is 5 KB of
/// code in the WASM core: worth it for thousands of items that come nearly sorted, and only there.
pub fn gathered<T: Default + Extend<I>, I>(items: impl IntoIterator<Item = I>) -> T {
    let mut all = T::default();
    all.extend(items);
    all
}

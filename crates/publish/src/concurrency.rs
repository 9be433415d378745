//! Several threads for one list of work.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use model::Diagnostic;

/// Does `work` for each of `all`, `width` at a time; gives the answers in the order of `all`. Once
/// one has failed nothing new is begun: what was not begun has no answer.
pub fn map_concurrently<T: Sync, A: Send>(
    all: &[T],
    width: usize,
    work: impl Fn(&T) -> Result<A, Diagnostic> + Sync,
) -> Vec<Option<Result<A, Diagnostic>>> {
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let done = Mutex::new(all.iter().map(|_| None).collect::<Vec<_>>());
    thread::scope(|scope| {
        for _ in 0..width.clamp(1, all.len().max(1)) {
            scope.spawn(|| {
                while !failed.load(Ordering::SeqCst) {
                    let at = next.fetch_add(1, Ordering::SeqCst);
                    let Some(one) = all.get(at) else { return };
                    let answer = work(one);
                    failed.fetch_or(answer.is_err(), Ordering::SeqCst);
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(slot) = done.get_mut(at) {
                        *slot = Some(answer);
                    }
                }
            });
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}

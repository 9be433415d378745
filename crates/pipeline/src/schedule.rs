//! Runs jobs in the order of their needs, several at a time.
//!
//! Knows numbers and closures only; the order in which jobs end never reaches a result.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Runs the jobs `0..needs.len()`, each after all that `needs` lists for it, on at most `workers`
/// threads. `work` is given the job's number and the results of its needs. Results come in the
/// jobs' order; a job that waits for itself, directly or through others, gets none.
pub(crate) fn run<R: Send + Clone>(
    needs: &[Vec<usize>],
    workers: usize,
    work: impl Fn(usize, &[R]) -> R + Sync,
) -> Vec<Option<R>> {
    let states = vec![State::Waiting; needs.len()];
    let board = Board { needs, states: Mutex::new(states), changed: Condvar::new() };
    std::thread::scope(|scope| {
        for _ in 0..workers.clamp(1, needs.len().max(1)) {
            scope.spawn(|| {
                while let Some((job, inputs)) = board.take() {
                    board.finish(job, work(job, &inputs));
                }
            });
        }
    });
    let states = board.states.into_inner().unwrap_or_else(PoisonError::into_inner);
    let result = |state| if let State::Done(result) = state { Some(result) } else { None };
    states.into_iter().map(result).collect()
}

#[derive(Clone)]
enum State<R> {
    Waiting,
    Running,
    Done(R),
}

struct Board<'a, R> {
    needs: &'a [Vec<usize>],
    states: Mutex<Vec<State<R>>>,
    changed: Condvar,
}

impl<R: Clone> Board<'_, R> {
    /// The next job whose needs are done, with their results; nothing when no job can start any
    /// more. Waits while running jobs may still free others.
    fn take(&self) -> Option<(usize, Vec<R>)> {
        let mut states = self.lock();
        loop {
            let ready = (0..states.len()).find_map(|job| Some((job, self.inputs(&states, job)?)));
            if let Some((job, inputs)) = ready {
                if let Some(state) = states.get_mut(job) {
                    *state = State::Running;
                }
                return Some((job, inputs));
            }
            if !states.iter().any(|state| matches!(state, State::Running)) {
                return None;
            }
            states = self.changed.wait(states).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn inputs(&self, states: &[State<R>], job: usize) -> Option<Vec<R>> {
        let done = |need: &usize| match states.get(*need) {
            Some(State::Done(result)) => Some(result.clone()),
            _ => None,
        };
        match states.get(job)? {
            State::Waiting => self.needs.get(job)?.iter().map(done).collect(),
            State::Running | State::Done(_) => None,
        }
    }

    fn finish(&self, job: usize, result: R) {
        if let Some(state) = self.lock().get_mut(job) {
            *state = State::Done(result);
        }
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<State<R>>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(needs: &[&[usize]], expected: &[Option<usize>]) {
        let needs: Vec<Vec<usize>> = needs.iter().map(|list| list.to_vec()).collect();
        for workers in [1, 2, 8] {
            let depth = |_, inputs: &[usize]| inputs.iter().max().map_or(0, |deepest| deepest + 1);
            assert_eq!(run(&needs, workers, depth), expected, "{workers} workers");
        }
    }

    #[test]
    fn a_job_runs_after_all_that_it_needs() {
        check(&[], &[]);
        check(&[&[], &[0], &[0, 1], &[]], &[Some(0), Some(1), Some(2), Some(0)]);
        check(&[&[1], &[2], &[]], &[Some(2), Some(1), Some(0)]);
    }

    #[test]
    fn jobs_in_a_cycle_get_no_result_and_hold_nobody_up() {
        check(&[&[1], &[0], &[], &[7]], &[None, None, Some(0), None]);
    }
}

//! Our readers beside those of others, on inputs that were changed: whatever ours accept, Python's,
//! Go's and GNU's read the same.
//!
//! An input that another reader refuses, or reads otherwise, is a fault of ours, unless the
//! specification says that it is one of the other reader's: those are named in `explained.rs`.
//! Inputs come from numbers that look random and are the same on every run.

mod archives;
mod chance;
mod compare;
mod difference;
mod explained;
mod gnu_tar;
mod others;
mod reading;
mod tars;
mod texts;
mod zips;

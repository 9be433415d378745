//! The native side of the actions, driven as a composite action drives it: inputs in variables, the
//! runner's files beside them, and whatever strangers may write into an input.

mod hostile;
mod journey;
mod odd;
mod refused;
mod step;

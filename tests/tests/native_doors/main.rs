//! The native doors, driven as a composite action drives them: inputs in variables, the runner's
//! files beside them, and whatever strangers may write into an input.

mod hostile;
mod journey;
mod odd;
mod refused;
mod step;

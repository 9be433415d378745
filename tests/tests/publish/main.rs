//! Publishing, from a sealed release to what the services hold: into real servers, and into a
//! double of them where every request can go wrong.

mod bad_input;
mod commit;
mod fixture;
mod killed;
mod other;
mod published;
mod real;
mod secrets;
mod whole;

//! Publishing, from a sealed release to what the world serves: into real servers, and into a double
//! of them where every request can go wrong.

mod bad_input;
mod commit;
mod killed;
mod other;
mod outside;
mod real;
mod secrets;
mod whole;
mod world;

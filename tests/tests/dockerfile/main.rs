//! Images from a Dockerfile: what the person is told where none can be built, and, in the full
//! tier, a real engine from the build to a healthy container.

mod engine;
mod image;
mod stand_in;
mod system;
mod tree;

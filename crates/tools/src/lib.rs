//! Finds, fetches and runs external tools.
//!
//! Each tool is pinned in `pins.toml`: an exact version and the sha256 of the one file that is
//! downloaded, with the ordinary client of its source (pip, npm, cargo, rustup). Everything goes to
//! one cache folder; nothing is installed into the system, the user's toolchain or Python.
//!
//! - [`Toolbox`] finds a tool: named by `--tool`, in the cache, on `PATH` in exactly the pinned
//!   version, or fetched.
//! - [`run`] runs a [`model::Invocation`] in a small fixed environment; no child outlives us.
//! - [`go_env`], [`cargo_env`], [`uv_env`], [`zig_env`] give the variables that make a build
//!   reproducible.
//! - [`find_engine`] finds the machine's container engine.
//!
//! It must not know formats or plans: which command to run is decided elsewhere, as data.

mod cache;
pub mod codes;
mod engine;
mod environment;
mod error;
mod event;
mod fetch;
mod host;
mod logs;
mod pins;
mod prerequisites;
mod run;
mod rust;
mod settings;
mod toolbox;
mod unpack;

pub use cache::{Cache, CachePaths, default_cache_root};
pub use engine::{Engine, find_engine};
pub use environment::{child_env, search_path};
pub use error::ToolError;
pub use event::Event;
pub use host::{find_on_path, host_platform};
pub use logs::Logs;
pub use pins::{Origin, Pin, Pins, PinsError, RustPin, Source, Tool, UnknownTool};
pub use prerequisites::{Prerequisite, Python, find_python, prerequisites};
pub use run::{Line, Output, RunError, RunOptions, Stream, run};
pub use rust::{RustToolchain, ToolchainChoice, choose_toolchain};
pub use settings::{cargo_env, cargo_target_env, go_env, uv_env, zig_env};
pub use toolbox::{ToolOrigin, ToolPath, Toolbox, ToolboxOptions};

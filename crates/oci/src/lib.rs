//! Container images (OCI image-spec 1.1): units, packing, reading back, lint and guide.
//!
//! An image from a binary of this release is created here, from bytes, without a daemon and without
//! a base image: a layer with certificate authorities, time zones, users and `/tmp`, which is the
//! same in every image, and one with the executable above it.
//! The output of `docker buildx` is read as untrusted input. This crate knows image formats; it
//! must not know registries, files or processes, or how the executable was built.

mod about;
mod base_images;
mod builds;
pub mod codes;
mod commands;
mod data;
mod discover;
mod files;
mod guide;
mod image;
mod import;
mod index;
mod inspects;
mod keys;
mod layout;
mod lint;
mod materials;
mod names;
mod pack;
mod plans;
mod read;
mod resolve;
pub mod spec;
mod system;
mod units;

pub use about::About;
pub use base_images::base_images;
pub use commands::{BuildPaths, commands};
pub use files::image_files;
pub use guide::guide;
pub use image::{Base, DockerfileSpec, HealthCheck, ImageSource, ImageSpec};
pub use import::import_image;
pub use index::{check_index, check_texts, pack_index};
pub use layout::{blob_path, folder, layout};
pub use lint::lint;
pub use materials::materials;
pub use names::*;
pub use pack::{Blob, ImageInput, PackedImage, Placed, UsualBase, pack_image};
pub use plans::Oci;
pub use read::{
    Head, Image, Layer, Layout, Root, config_digest, read_head, read_image, read_layout,
};
pub use system::{PackageList, System, SystemPackage, system};

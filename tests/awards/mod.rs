//! Award rules, worked by hand and by law.

mod bazhong;
mod exclusive;
mod joint;
mod laws;
mod packs;
mod past;
mod revoked;
mod second;
mod support;

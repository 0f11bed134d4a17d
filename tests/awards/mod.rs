//! Award rules, worked by hand and by law.

mod bazhong;
mod book;
mod exclusive;
mod joint;
mod laws;
mod packs;
mod past;
mod readings;
mod revoked;
mod second;
mod support;
mod terms;

//! Award rules, worked by hand and by law.

mod bazhong;
mod exclusive;
mod joint;
mod laws;
mod past;
mod revoked;
mod rules;
mod second;
mod support;

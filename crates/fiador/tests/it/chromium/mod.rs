//! Logins in a real browser. Pictures of every step are kept in `test-artifacts`.

mod dark;
mod demo;
mod form_post;
mod held;
mod links;
mod number_page;
mod pages;
mod screen;
mod selection;
mod without_javascript;

//! Stories: the whole program, from outside. Rules and promises are tested beside what keeps them.

mod store_kill;

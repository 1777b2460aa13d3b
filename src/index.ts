// The library: what a program that imports dashleaks gets. Re-exports only.
export * from "./model/index.js";

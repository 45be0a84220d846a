#!/usr/bin/env node
// A file of its own, because npm links a command only if its file is there, and in a fresh clone dist is not.
import '../dist/cli/main.js'

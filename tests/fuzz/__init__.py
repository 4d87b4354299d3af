"""The whole interface under requests that a machine makes up, and under the big list of naughty strings."""

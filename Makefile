.PHONY: run test check
run: ; ./run.py
test: ; ./run.py test
check: ; ./run.py check

"""python cpu.py COMMAND ARGUMENT… runs a command and prints the CPU seconds of it and of all its children,
and the most memory that one of them held (MB), as JSON."""

import json
import resource
import subprocess
import sys

done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(
    json.dumps(
        {
            "cpu": used.ru_utime + used.ru_stime,
            "memory": used.ru_maxrss / 1024,
            "code": done.returncode,
            "said": done.stderr.decode()[-2000:],
        }
    )
)

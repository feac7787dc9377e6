"""How gunicorn serves the portal; it reads this file by itself. What a line on the command says comes first."""

from sih_portal import settings

wsgi_app = "sih_portal.wsgi"
bind = "127.0.0.1:8000"
worker_class = "gthread"
workers = 2
threads = 4
# A worker that was killed is back at once, and settings that are wrong stop the start.
preload_app = True
# Off: it could stop workers for whoever reaches its socket.
control_socket_disable = True
# The portal logs its requests itself (sih_portal.logs).
accesslog = None
logconfig_dict = settings.LOGGING

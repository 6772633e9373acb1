"""The certificate of an erasure, as a paper for administrators and for who had the recording."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from review_app.commands.certificates import print_certificate
from review_app.paper import certificate_pdf
from storage.home import Home
from storage.records import User


class CertificateRoute:
    """Serves what proves that a recording is gone."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def routes(self) -> list[Route]:
        """Return the route under ``/api/certificates/``."""
        return [Route("/api/certificates/{recording}.pdf", self.certificate, methods=["GET"])]

    async def certificate(self, request: Request) -> Response:
        """Answer the certificate, or that there is none, whyever."""
        user: User = request.state.user
        untrusted_id: str = request.path_params["recording"]
        return await to_thread.run_sync(lambda: self._print(user, untrusted_id))

    def _print(self, user: User, untrusted_id: str) -> Response:
        made = print_certificate(self._home, user, untrusted_id)
        pdf = certificate_pdf(
            made,
            controller=self._home.settings.controller,
            language=user.language,
            at=self._home.clock(),
        )
        headers = {"Content-Disposition": 'inline; filename="certificate.pdf"'}
        return Response(pdf, headers=headers, media_type="application/pdf")
